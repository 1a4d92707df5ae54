/** The thread in which papers are printed: a long one takes the processor for seconds. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { renderSVG } from 'uqr';
import { answerAsks } from '../lib/thread.ts';
import type { Print } from './paper-pdf.ts';

const FONTS = ['400Regular/NotoSans_400Regular.ttf', '700Bold/NotoSans_700Bold.ttf'];
const fontOf = (file: string): Buffer =>
  readFileSync(fileURLToPath(import.meta.resolve(`@expo-google-fonts/noto-sans/${file}`)));
const mainFileContent = readFileSync(new URL('paper.typ', import.meta.url), 'utf8');
const compiler = NodeCompiler.create({
  fontArgs: [{ fontBlobs: FONTS.map(fontOf) }],
  // It reads no file beside what it is given.
  workspace: import.meta.dirname,
});

/** As the website draws it. */
const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none">
  <path d="M6 3.5v20A5.5 5.5 0 0 0 11.5 29h9a5.5 5.5 0 0 0 5.5-5.5V12.5" stroke="#0c5e63"
    stroke-width="4" stroke-linecap="round"/>
  <rect x="11.5" y="11.5" width="9" height="11.5" rx="2" fill="#17211f"/></svg>`;

answerAsks((paper: Print): Uint8Array => {
  const inputs = { paper: JSON.stringify(paper), qr: renderSVG(paper.url, { border: 0 }), mark };
  const creationTimestamp = Math.floor(Date.parse(paper.issued_at) / MS_IN_A_SECOND);
  const pdf = compiler.pdf({ mainFileContent, inputs }, { creationTimestamp });
  // What was laid out is forgotten at once: of a long paper it is hundreds of megabytes.
  compiler.evictCache(0);
  return new Uint8Array(pdf);
});
const MS_IN_A_SECOND = 1_000;
