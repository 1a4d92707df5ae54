import { expect, test } from 'vitest';
import { isOwnName } from './lookalike.ts';

test.each([
  ...['Berth', 'BERTH', 'b.e.r.t.h', 'B e r t h', 'Ｂｅｒｔｈ'],
  ...['𝐁𝐞𝐫𝐭𝐡', 'Ⓑⓔⓡⓣⓗ', '🅱erth', '🇧🇪🇷🇹🇭'],
  ...['Bérth', 'B\u0335erth', 'Bеrth', 'Βеrтн', 'ʙᴇʀᴛʜ', 'ᏴᎬᎡᎢᎻ', 'Berth\u200b', 'ɓɇɍŧħ'],
  ...[
    'Berth Support',
    'berth-support',
    'berthsupport',
    'OfficialBerth',
    'Berth (verified)',
    'berth24',
  ],
])('nobody is called like the service itself: %s', (name) => {
  expect(isOwnName(name)).toBe(true);
});

test.each([
  'Berthold',
  'Bertha Host',
  'North Berths',
  'Bert H.',
  'Hubert Host',
  'Birth',
  'Alberth',
  'Support',
  '',
])('a name of its own is free: %s', (name) => {
  expect(isOwnName(name)).toBe(false);
});
