import type { Session } from './server.ts';

const CENTS = 100;
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The page where a test card pays; it says that no money moves. */
export function checkoutPage(
  { title, amount_total, currency, success_url }: Session,
  { asks, says }: { asks: boolean; says: string },
): string {
  const amount = (amount_total / CENTS).toLocaleString('en', {
    ...{ style: 'currency', currency: currency.toUpperCase() },
  });
  const form = asks
    ? `<p>Your bank asks whether this is you.</p>
      <input type="hidden" name="card" value="4000 0025 0000 3155">
      <button name="confirmed" value="yes">Complete authentication</button>
      <button name="confirmed" value="no" class="plain">Fail authentication</button>`
    : `<label>Card number <input name="card" value="4242 4242 4242 4242" autocomplete="off"></label>
      <button name="way" value="card">Pay ${amount}</button>
      <button name="way" value="bank" class="plain">Pay from a bank account</button>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Pay ${amount}</title><style>
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:26rem;margin:3rem auto;padding:0 1rem}
label{display:block;margin:1rem 0}input{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}
button{font:inherit;width:100%;padding:.6rem;margin:.25rem 0;border-radius:.4rem;border:1px solid}
button:not(.plain){background:#2f3fbf;color:#fff}.says{color:#b3261e}small{opacity:.8}
</style></head><body><main><h1>${amount}</h1><p>${escape(title)}</p>
${says === '' ? '' : `<p class="says" role="alert">${escape(says)}</p>`}
<form method="post">${form}</form><p><a href="${escape(success_url)}">Back without paying</a></p>
<small>A stand-in for Stripe’s page: no money moves. 4242 4242 4242 4242 pays,
4000 0000 0000 0002 is declined, 4000 0000 0000 9995 has too little,
4000 0025 0000 3155 asks your bank.</small></main></body></html>`;
}
