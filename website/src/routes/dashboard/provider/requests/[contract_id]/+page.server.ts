import { loadContract } from '#lib/features/contracts/page/load-contract.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => loadContract(event, 'provider');
