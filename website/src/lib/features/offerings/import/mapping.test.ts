import { expect, test } from 'vitest';
import { importMapping } from '@berth/shared/offerings/mapping';
import { templateCsv } from './template.ts';
import { sampleFile, sampleMapping } from './sample.ts';
import { draftOf, onTheWay, sampleOf, shownTargets, sourceOf, sourceWords } from './mapping.ts';

test('what is written of a field is what is sent, and a form of it says the same again', () => {
  for (const source of Object.values(sampleMapping.columns)) {
    const sent = sourceOf(draftOf(source));
    expect(sourceOf(draftOf(sent ?? undefined))).toEqual(sent);
    expect(sent).toMatchObject(source);
  }
  expect(sourceOf(draftOf(undefined))).toBeNull();
});

test('words of theirs may have an equals sign, and a line without one says nothing', () => {
  const draft = {
    ...draftOf(undefined),
    from: 'tier',
    transforms: [{ type: 'words' as const, text: 'a=b = spot\nnothing\n yes = on_demand ' }],
  };
  expect(sourceOf(draft)).toMatchObject({
    transforms: [{ type: 'words', words: { 'a=b': 'spot', yes: 'on_demand' } }],
  });
});

test('a mapping is told in words, with what the file has for it', () => {
  const file = [
    { name: 'gpu_model', example: 'NVIDIA L4' },
    { name: 'vram_gb', example: '24' },
  ];
  const text = { type: 'text', text: '{gpu_model}, {vram_gb} GB' } as const;
  expect(sampleOf(text, file)).toBe('NVIDIA L4, 24 GB');
  expect(sourceWords({ type: 'value', value: 'US' })).toBe('always “US”');
  const source = {
    type: 'column',
    from: 'gpu_model',
    transforms: [{ type: 'remove', text: 'NVIDIA ' }, { type: 'number' }],
    optional: true,
  } as const;
  expect(onTheWay({ ...source, transforms: [...source.transforms] })).toBe(
    'without “NVIDIA ”; the first number; left out where it cannot be used',
  );
  expect(shownTargets({ rows_at: '', columns: { city: text } })).toEqual([
    'kind',
    'title',
    'country',
    'city',
    'price',
  ]);
});

test('the guide’s sample is JSON that its own mapping fits, and its template is a file of ours', () => {
  const { offerings } = JSON.parse(sampleFile) as { offerings: Record<string, unknown>[] };
  expect(sampleMapping.rows_at).toBe('offerings');
  expect(importMapping.safeParse(sampleMapping).success).toBe(true);
  for (const source of Object.values(sampleMapping.columns)) {
    if (source.type === 'column') expect(Object.keys(offerings[0] ?? {})).toContain(source.from);
  }
  expect(templateCsv().split('\r\n')[0]).toContain('gpu_interconnect');
});
