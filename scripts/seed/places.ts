/** Where the demo's machines stand, by the short name that ends their references. */
interface Place {
  country: string;
  city: string;
  /** What a provider says of the house, in one or two sentences. */
  house: string;
}

export const places = {
  ams: {
    country: 'NL',
    city: 'Amsterdam',
    house: 'Stands in Amsterdam Southeast, two power feeds, with AMS-IX one cross-connect away.',
  },
  fra: {
    country: 'DE',
    city: 'Frankfurt',
    house: 'Stands in Frankfurt, a short walk of fibre from DE-CIX, on certified wind power.',
  },
  nvk: {
    country: 'NO',
    city: 'Narvik',
    house: 'Stands in Narvik, on hydropower, cooled by fjord water all year.',
  },
  lla: {
    country: 'SE',
    city: 'Luleå',
    house: 'Stands in Luleå, on hydropower; the waste heat warms the houses next door.',
  },
  dal: {
    country: 'US',
    city: 'Dallas',
    house: 'Stands in Dallas, Texas, with redundant power and staff on site at all hours.',
  },
  tul: {
    country: 'US',
    city: 'Tulsa',
    house: 'Stands in Tulsa, Oklahoma, 9 ms from Dallas, mostly on wind power.',
  },
  phx: {
    country: 'US',
    city: 'Phoenix',
    house: 'Stands in Phoenix, Arizona, under liquid cooling that is made for the summers there.',
  },
  slc: {
    country: 'US',
    city: 'Salt Lake City',
    house: 'Stands in Salt Lake City, Utah, in dry mountain air that cools for free half the year.',
  },
  mtl: {
    country: 'CA',
    city: 'Montréal',
    house: 'Stands in Montréal, on Québec hydropower, 8 ms from New York.',
  },
  tor: {
    country: 'CA',
    city: 'Toronto',
    house: 'Stands in downtown Toronto, next to TorIX.',
  },
  lon: {
    country: 'GB',
    city: 'London',
    house: 'Stands in London Docklands, one hop from LINX.',
  },
  man: {
    country: 'GB',
    city: 'Manchester',
    house: 'Stands in Manchester, with its own route to London and another to Dublin.',
  },
  zrh: {
    country: 'CH',
    city: 'Zürich',
    house: 'Stands in Zürich, under Swiss law, in a hall that only our own staff enter.',
  },
  qls: {
    country: 'CH',
    city: 'Lausanne',
    house: 'Stands in Lausanne, cooled with water from Lake Geneva.',
  },
  wro: {
    country: 'PL',
    city: 'Wrocław',
    house: 'Stands in our own hall in Wrocław, built in 2019, with a spare of every part.',
  },
  waw: {
    country: 'PL',
    city: 'Warsaw',
    house: 'Stands in Warsaw, with links to PLIX and two carriers.',
  },
  vno: {
    country: 'LT',
    city: 'Vilnius',
    house: 'Stands in Vilnius, with fibre to Warsaw and Stockholm.',
  },
  tll: {
    country: 'EE',
    city: 'Tallinn',
    house: 'Stands in Tallinn, 4 ms from Helsinki.',
  },
  hel: {
    country: 'FI',
    city: 'Helsinki',
    house: 'Kept in Helsinki, in rock below the city, on wind and hydropower.',
  },
  nue: {
    country: 'DE',
    city: 'Nuremberg',
    house: 'Kept in Nuremberg, in a certified hall; the copy never leaves Germany.',
  },
  tyo: {
    country: 'JP',
    city: 'Tokyo',
    house: 'Stands in Tokyo Ōtemachi, with JPIX and all large carriers in the building.',
  },
  osa: {
    country: 'JP',
    city: 'Osaka',
    house: 'Stands in Osaka Dōjima, on another grid than Tokyo.',
  },
  sin: {
    country: 'SG',
    city: 'Singapore',
    house: 'Stands in Singapore Tai Seng, beside the landing points of nine sea cables.',
  },
  syd: {
    country: 'AU',
    city: 'Sydney',
    house: 'Stands in Sydney Alexandria, carrier neutral, 24 ms from Auckland.',
  },
  akl: {
    country: 'NZ',
    city: 'Auckland',
    house: 'Stands in Auckland, on geothermal and hydropower.',
  },
  gru: {
    country: 'BR',
    city: 'São Paulo',
    house: 'Stands in São Paulo Tamboré, one hop from IX.br.',
  },
  scl: {
    country: 'CL',
    city: 'Santiago',
    house: 'Stands in Santiago, built to ride out earthquakes, mostly on solar power.',
  },
  lej: {
    country: 'DE',
    city: 'Leipzig',
    house: 'Stands in a locked workshop in Leipzig, on a business fibre line and a good battery.',
  },
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof places;
