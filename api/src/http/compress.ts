import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** Below this the words about the encoding outweigh what it saves. */
export const LEAST_COMPRESSED_BYTES = 1_024;
/** Much of the gain for little of the time, as fits what is made anew for everybody. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 5;

/** An event stream is none: its events must not wait for more of them. */
const TEXTUAL =
  /^(?:text\/(?!event-stream)|image\/svg|application\/(?:[\w.-]+\+)?(?:json|xml|javascript))/;

export type Encoding = 'br' | 'gzip';

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } };

export const isTextual = (type: unknown): boolean => TEXTUAL.test(String(type));

/** The better of what a client takes (RFC 9110, 12.5.3); null where it takes neither. */
export function encodingFor(accepted: string | string[] | undefined): Encoding | null {
  const offers = String(accepted ?? '')
    .toLowerCase()
    .split(',');
  const takes = (name: Encoding) =>
    offers.some((offer) => {
      const [coding, weight = 'q=1'] = offer.split(';').map((part) => part.trim());
      return coding === name && Number(weight.replace(/^q=/, '')) > 0;
    });
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : null;
}

export const compressor = (encoding: Encoding): Transform =>
  encoding === 'br' ? createBrotliCompress(brotli) : createGzip({ level: GZIP_LEVEL });

const shrink = {
  br: (text: string | Buffer) => promisify(brotliCompress)(text, brotli),
  gzip: (text: string | Buffer) => promisify(gzip)(text, { level: GZIP_LEVEL }),
};

/**
 * Compresses what is read. An answer to a write is never compressed: it may hold a session's token
 * beside what its asker wrote, and the length of a compressed answer tells of what repeats in it.
 */
export function compressAnswers(api: FastifyInstance): void {
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || !isTextual(reply.getHeader('content-type'))) return payload;
    reply.header('vary', 'accept-encoding');
    const encoding = encodingFor(request.headers['accept-encoding']);
    if (encoding === null) return payload;
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (payload.length < LEAST_COMPRESSED_BYTES) return payload;
    reply.header('content-encoding', encoding).removeHeader('content-length');
    return shrink[encoding](payload);
  });
}
