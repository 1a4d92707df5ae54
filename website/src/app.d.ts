import type { MeView } from '@berth/shared/accounts/schemas';
import type { ProblemCode } from '@berth/shared/problems';
import type { ApiRequest } from '#lib/server/api.ts';

declare global {
  namespace App {
    interface Locals {
      /** Who is signed in, asked at most once a request; null when nobody is. */
      me: () => Promise<MeView | null>;
    }
    interface Error {
      code?: ProblemCode;
    }
  }
}

declare module 'node:http' {
  interface IncomingMessage {
    /** The API hangs this on a request that it hands to the website. */
    berth?: {
      inject: (address: string, init: ApiRequest) => Promise<{ status: number; text: string }>;
    };
  }
}
