import { weighted } from './draw.ts';

export interface Place {
  country: string;
  city: string;
}

const rows: [country: string, weight: number, cities: string[]][] = [
  ['US', 300, ['Ashburn', 'Dallas', 'Phoenix', 'Salt Lake City', 'Chicago', 'San Jose', 'Atlanta']],
  ['DE', 120, ['Frankfurt', 'Nuremberg', 'Falkenstein', 'Berlin']],
  ['NL', 80, ['Amsterdam', 'Rotterdam', 'Eindhoven']],
  ['FI', 60, ['Helsinki', 'Tampere']],
  ['FR', 60, ['Paris', 'Roubaix', 'Gravelines']],
  ['GB', 60, ['London', 'Manchester']],
  ['CA', 50, ['Montréal', 'Toronto', 'Vancouver']],
  ['NO', 35, ['Oslo', 'Narvik']],
  ['SE', 30, ['Stockholm', 'Luleå']],
  ['PL', 30, ['Warsaw', 'Wrocław']],
  ['IS', 20, ['Keflavík']],
  ['CH', 20, ['Zürich', 'Lausanne']],
  ['ES', 18, ['Madrid', 'Barcelona']],
  ['IT', 16, ['Milan']],
  ['CZ', 16, ['Prague']],
  ['AT', 12, ['Vienna']],
  ['RO', 14, ['Bucharest']],
  ['BG', 14, ['Sofia']],
  ['LT', 12, ['Vilnius']],
  ['EE', 8, ['Tallinn']],
  ['PT', 8, ['Lisbon']],
  ['IE', 10, ['Dublin']],
  ['JP', 40, ['Tokyo', 'Osaka']],
  ['SG', 40, ['Singapore']],
  ['KR', 18, ['Seoul']],
  ['IN', 36, ['Mumbai', 'Hyderabad']],
  ['TW', 14, ['Taipei']],
  ['HK', 14, ['Hong Kong']],
  ['AU', 18, ['Sydney', 'Melbourne']],
  ['NZ', 5, ['Auckland']],
  ['AE', 10, ['Dubai']],
  ['IL', 8, ['Tel Aviv']],
  ['TR', 8, ['Istanbul']],
  ['BR', 16, ['São Paulo']],
  ['CL', 5, ['Santiago']],
  ['MX', 7, ['Querétaro']],
  ['ZA', 7, ['Johannesburg', 'Cape Town']],
  ['KE', 3, ['Nairobi']],
];

/** Where machines stand, the first city of a country more often than the next. */
export const pickPlace = weighted(
  rows.flatMap(([country, weight, cities]) =>
    cities.map((city, at): [Place, number] => [{ country, city }, weight / (at + 1)]),
  ),
);
