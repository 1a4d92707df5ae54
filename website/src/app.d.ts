import type { MeView } from '@berth/shared/accounts/schemas';
import type { ProblemCode } from '@berth/shared/problems';

declare global {
  namespace App {
    interface Locals {
      /** Who is signed in, asked at most once a request; null when nobody is. */
      me: () => Promise<MeView | null>;
    }
    interface Error {
      code?: ProblemCode;
      request_id?: string;
    }
  }
}

/** What the API hangs on a request it hands to the website, so that pages reach it in-process. */
interface InProcessApi {
  inject: (ask: {
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    url: string;
    headers: Record<string, string>;
    payload?: string;
    remoteAddress: string;
  }) => Promise<{ statusCode: number; body: string }>;
}

declare module 'node:http' {
  interface IncomingMessage {
    berth?: InProcessApi;
  }
}
