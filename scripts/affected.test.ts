import { expect, test } from 'vitest';
import { affectedBy } from './lib/affected.ts';

const files = new Map([
  ['shared/src/money.ts', ''],
  ['shared/src/carts/price.ts', "import { add } from '../money.ts';"],
  ['api/src/modules/carts/service.ts', "import { priceOf } from '@berth/shared/carts/price';"],
  ['api/src/modules/carts/index.ts', "import { buy } from './service.ts';"],
  ['api/src/modules/carts/carts.test.ts', "import { app } from '../../../test/harness.ts';"],
  ['api/src/modules/orders/index.ts', "import { buy } from '../carts/index.ts';"],
  ['api/src/modules/orders/orders.test.ts', "import { app } from '../../../test/harness.ts';"],
  ['api/src/modules/notes/notes.test.ts', "import { app } from '../../../test/harness.ts';"],
  ['api/src/modules.ts', "import { carts } from './modules/carts/index.ts';"],
  ['api/test/harness.ts', "import { modules } from '../src/modules.ts';"],
  [
    'website/src/lib/Cart.svelte',
    "<script>import { a } from '@berth/shared/carts/price';</script>",
  ],
  ['website/src/lib/cart.test.ts', "import Cart from '#lib/Cart.svelte';"],
]);
const testsOf = (changed: string) =>
  [...affectedBy(files, [changed])].filter((path) => path.endsWith('.test.ts')).sort();

const carts = 'api/src/modules/carts/carts.test.ts';
const orders = 'api/src/modules/orders/orders.test.ts';
const notes = 'api/src/modules/notes/notes.test.ts';

test('a change affects what imports it, in whichever workspace', () => {
  const website = 'website/src/lib/cart.test.ts';
  expect(testsOf('shared/src/money.ts')).toEqual([carts, orders, website]);
});

test('a change of a module affects the tests of it and of the modules that use it, no others', () => {
  expect(testsOf('api/src/modules/carts/service.ts')).toEqual([carts, orders]);
  expect(testsOf('api/src/modules/orders/index.ts')).toEqual([orders]);
});

test('a change of what every app has affects every module', () => {
  expect(testsOf('api/src/modules.ts')).toEqual([carts, notes, orders]);
  expect(testsOf('api/test/harness.ts')).toEqual([carts, notes, orders]);
});

test('a change that nothing imports affects itself alone', () => {
  expect([...affectedBy(files, ['README.md'])]).toEqual(['README.md']);
});
