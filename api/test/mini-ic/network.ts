import { generateKeyPairSync, sign } from 'node:crypto';
import { Cbor } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hashOfMap, join, leb128, rootOf, separator, treeOf, utf8 } from './hashes.ts';
import type { Branch, HashableMap } from './hashes.ts';

const { shortSignatures: bls } = bls12_381;

/** What precedes the 96 bytes of a BLS12-381 key in DER. */
const BLS_DER = '308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100';

interface Authority {
  readonly public_der: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

function makeAuthority(): Authority {
  const { secretKey, publicKey } = bls.keygen();
  return {
    public_der: join(Buffer.from(BLS_DER, 'hex'), publicKey.toBytes()),
    sign: (message) => bls.sign(bls.hash(message), secretKey).toBytes(),
  };
}

interface ReplicaNode {
  readonly id: Uint8Array;
  readonly public_der: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

function makeNode(): ReplicaNode {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const public_der = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  return {
    id: Principal.selfAuthenticating(public_der).toUint8Array(),
    public_der,
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

/** `stranger`: a node of no subnet; `stale`: an answer of ten minutes ago. */
export type NodeFault = 'wrong' | 'missing' | 'stranger' | 'stale';
/** `changed`: a tree that was not signed; `foreign`: a subnet without the canister. */
export type CertificateFault = 'wrong' | 'changed' | 'foreign';

/** A root key, one subnet that it delegates to, and one node in it: all keys are its own. */
export interface Network {
  readonly root_key: Uint8Array;
  /** The reply with the node's signature, over the request's id and the time. */
  signReply(reply: HashableMap, request_id: Uint8Array, fault: NodeFault | null): object;
  /** The certificate for read_state: the time, the subnet, its nodes and its canisters. */
  certify(fault: CertificateFault | null): Uint8Array;
}

const STALE_NS = 600_000_000_000n;
const nowNs = () => BigInt(Date.now()) * 1_000_000n;

export function makeNetwork(canister: Principal): Network {
  const [root, subnet, forger] = [makeAuthority(), makeAuthority(), makeAuthority()];
  const [node, stranger] = [makeNode(), makeNode()];
  const subnet_id = Principal.selfAuthenticating(subnet.public_der).toUint8Array();
  const subnetBranch = (of: Uint8Array, nodes: Branch): Branch => [
    [
      utf8('subnet'),
      [
        [
          subnet_id,
          [
            [utf8('canister_ranges'), Cbor.encode([[of, of]])],
            [utf8('public_key'), subnet.public_der],
            ...nodes,
          ],
        ],
      ],
    ],
  ];
  const nodes: Branch = [[utf8('node'), [[node.id, [[utf8('public_key'), node.public_der]]]]]];
  return {
    root_key: root.public_der,
    signReply(reply, request_id, fault) {
      if (fault === 'missing') return reply;
      const timestamp = nowNs() - (fault === 'stale' ? STALE_NS : 0n);
      const hash = hashOfMap({ ...reply, timestamp, request_id });
      const signer = fault === 'stranger' ? stranger : node;
      const signature = (fault === 'wrong' ? stranger : signer).sign(
        join(separator('ic-response'), hash),
      );
      return { ...reply, signatures: [{ timestamp, signature, identity: signer.id }] };
    },
    certify(fault) {
      const of = (fault === 'foreign' ? Principal.managementCanister() : canister).toUint8Array();
      const delegation = {
        subnet_id,
        certificate: Cbor.encode(certificate(root, subnetBranch(of, []))),
      };
      const signer = fault === 'wrong' ? forger : subnet;
      const signed = certificate(signer, subnetBranch(canister.toUint8Array(), nodes));
      const tree =
        fault === 'changed' ? certificate(subnet, subnetBranch(of, [])).tree : signed.tree;
      return Cbor.encode({ ...signed, tree, delegation });
    },
  };
}

function certificate(signer: Authority, branch: Branch) {
  const tree = treeOf([[utf8('time'), leb128(nowNs())], ...branch]);
  const signature = signer.sign(join(separator('ic-state-root'), rootOf(tree)));
  return { tree, signature };
}
