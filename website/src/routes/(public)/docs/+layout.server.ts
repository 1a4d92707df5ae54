import { docsFor } from '#lib/server/docs/index.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => ({ nav: (await docsFor(event)).nav });
