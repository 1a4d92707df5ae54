export { importContract, importReply, KEY_REMOVED, type Outcome } from './service.ts';
