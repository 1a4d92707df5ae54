import { expect, test } from 'vitest';
import { moduleFiles } from './lib/module-shape.ts';
import { untidy } from './tidy.ts';

test.each(['carts', 'usage-records'])('a new module %s keeps our rules', (name) => {
  for (const [file, text] of Object.entries(moduleFiles(name))) {
    expect(untidy({ path: `api/src/modules/${name}/${file}`, text })).toEqual([]);
  }
});
