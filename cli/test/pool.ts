/** A provider's pool for tests: folders are its machines, and a script is its driver. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** `trouble` names what goes wrong the next time; KILLER is the agent, as it started this. */
const DRIVER = String.raw`#!/bin/sh
here="$POOL/$BERTH_CONTRACT"
echo "$1 $BERTH_CONTRACT" >> "$POOL/log"
trouble=$(cat "$POOL/trouble" 2>/dev/null)
is() { [ "$trouble" = "$1" ]; }
murder() { rm "$POOL/trouble"; kill -9 $PPID; }
told() {
  printf '{"address":"node7.example.net","port":2022,"username":"u","credentials":'
  printf '{"fields":[{"label":"Password","value":"%s"}]}}' "$(cat "$here/secret")"
}
case "$1" in
create)
  env | grep ^BERTH_ | grep -v TOKEN > "$POOL/env"
  is rubbish && { echo 'hunter2, not JSON'; exit 0; }
  is unknown-field && { echo '{"address":"node7.example.net","username":"u","hunter2":1}'; exit 0; }
  is flood && exec yes hunter2
  is hang && { sleep 600 & wait; }
  is fail && { echo 'no disk left' >&2; exit 3; }
  is kill-before && { echo $$ > "$POOL/pid"; murder; sleep 600; }
  mkdir "$here" || { echo TWICE >> "$POOL/log"; exit 9; }
  od -An -N8 -tx1 /dev/urandom | tr -d ' \n' > "$here/secret"
  is kill-made && { murder; sleep 1; }
  told
  is kill-told && murder
  exit 0;;
status)
  is blind && { echo '{"state":"unknown"}'; exit 0; }
  [ -d "$here" ] || { echo '{"state":"gone"}'; exit 0; }
  [ -e "$POOL/remembers" ] || { echo '{"state":"running"}'; exit 0; }
  printf '{"state":"running","delivery":'; told; echo '}';;
destroy)
  is lie && exit 0
  is kill-destroy && { murder; sleep 1; }
  rm -rf "$here"
  is kill-destroyed && murder
  exit 0;;
list)
  cd "$POOL" && printf '{"contracts":[' && found=
  for one in $(ls -d ????????????????????????????????????????* 2>/dev/null); do
    printf '%s"%s"' "$found" "$one"; found=,
  done
  echo ']}';;
esac
`;

export interface Pool {
  readonly folder: string;
  /** The rules' file; `changes` are of the one rule and of the driver. */
  rules(rule: object, driver?: object): string;
  trouble(name: string): void;
  calm(): void;
  /** Contracts that have a machine. */
  machines(): string[];
  secretOf(contract_id: string): string;
  /** What the driver was asked for: `create 3f…`. */
  log(): string[];
}

export function makePool(folder: string): Pool {
  mkdirSync(folder);
  const driver = join(folder, 'driver');
  writeFileSync(driver, DRIVER);
  chmodSync(driver, 0o755);
  const trouble = (name: string) => writeFileSync(join(folder, 'trouble'), name);
  const logged = join(folder, 'log');
  return {
    folder,
    rules(rule, more = {}) {
      const file = join(folder, 'rules.json');
      const config = {
        rules: [{ name: 'all', driver: 'pool', accept: true, ...rule }],
        drivers: { pool: { command: [driver], env: { POOL: folder }, ...more } },
        poll_seconds: 3_600,
      };
      writeFileSync(file, JSON.stringify(config));
      return file;
    },
    trouble,
    calm: () => trouble(''),
    machines: () => readdirSync(folder).filter((name) => name.length === 64),
    secretOf: (contract_id) => readFileSync(join(folder, contract_id, 'secret'), 'utf8'),
    log: () => (existsSync(logged) ? readFileSync(logged, 'utf8').trim().split('\n') : []),
  };
}
