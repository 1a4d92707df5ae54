export { importIcpOfferings, keepIcpTerms, type IcpPlace } from './service.ts';
