#!/bin/sh
# A driver for `berth agent` that rents out this host: each contract is a user of its own, who is
# let in by the renter's SSH key alone. Runs as root, beside an sshd.
#
# In its `env`: SSH_ADDRESS, where renters reach this host; SSH_PORT (22); SSH_HOST_KEY, the public
# file of sshd's key (/etc/ssh/ssh_host_ed25519_key.pub); HOME_ROOT (/home); LOGIN_SHELL
# (/bin/bash).
set -eu
umask 077

contract="${BERTH_CONTRACT:-}"
root="${HOME_ROOT:-/home}"
key_file="${SSH_HOST_KEY:-/etc/ssh/ssh_host_ed25519_key.pub}"
user="berth-$(printf %.16s "$contract")"
home="$root/$user"
kept="/tmp /var/tmp /dev/shm /var/spool/cron /var/spool/cron/crontabs /var/spool/at"
try_times=50

refuse() {
  echo "$1" >&2
  exit 3
}

# Its number in the list of users, if it is this contract's.
number() {
  getent passwd "$user" | awk -F: -v of="berth $contract" '$5 == of && $3 >= 1000 { print $3 }'
}

delivery() {
  fingerprint=$(ssh-keygen -lf "$key_file" | awk '{ print $2 }')
  printf '{"address":"%s","port":%s,"username":"%s","host_key_fingerprint":"%s"}' \
    "$SSH_ADDRESS" "${SSH_PORT:-22}" "$user" "$fingerprint"
}

create() {
  [ -n "${SSH_ADDRESS:-}" ] || refuse 'Set SSH_ADDRESS in the env of this driver.'
  [ -n "${BERTH_SSH_KEY:-}" ] || refuse 'The renter gave no SSH key, and there is no other way in.'
  # The star is no password that anybody can give; an exclamation mark would lock the key out too.
  useradd -m -d "$home" -s "${LOGIN_SHELL:-/bin/bash}" -c "berth $contract" -p '*' "$user"
  chmod 700 "$home"
  mkdir "$home/.ssh"
  printf '%s\n' "$BERTH_SSH_KEY" > "$home/.ssh/authorized_keys"
  chown -R "$user:" "$home/.ssh"
  delivery
}

status() {
  uid=$(number)
  if [ -n "$uid" ]; then
    if [ -s "$home/.ssh/authorized_keys" ]; then
      printf '{"state":"running","delivery":%s}' "$(delivery)"
    else
      echo '{"state":"running"}'
    fi
  elif [ -e "$home" ]; then
    echo '{"state":"running"}'
  else
    echo '{"state":"gone"}'
  fi
}

# First nobody gets in any more, then nothing of it runs, then nothing of it is there.
destroy() {
  uid=$(number)
  if [ -n "$uid" ]; then
    rm -rf "$home/.ssh"
    usermod -e 1 -s /usr/sbin/nologin "$user"
    tries=0
    while pkill -KILL -U "$uid"; do
      tries=$((tries + 1))
      [ "$tries" -lt "$try_times" ] || refuse 'Some of its processes do not end.'
      sleep 0.1
    done
    for folder in $kept; do
      [ ! -d "$folder" ] || find "$folder" -xdev -uid "$uid" -depth -delete
    done
    userdel "$user"
  fi
  [ -z "$contract" ] || rm -rf "$home"
}

list() {
  getent passwd | awk -F: '
    BEGIN { printf "{\"contracts\":[" }
    $5 ~ /^berth [0-9a-f]+$/ && length($5) == 70 {
      printf "%s\"%s\"", comma, substr($5, 7); comma = ","
    }
    END { print "]}" }'
}

case "${1:-}" in
  create | status | destroy | list) "$1" ;;
  *) refuse 'It is used as: ssh-host.sh create|status|destroy|list' ;;
esac
