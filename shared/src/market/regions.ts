/** Groups of countries; `eu` is the European Union, the others are where a country lies. */
export const regionWords = {
  europe: 'Europe',
  eu: 'European Union',
  north_america: 'North America',
  south_america: 'South America',
  asia: 'Asia',
  middle_east: 'Middle East',
  africa: 'Africa',
  oceania: 'Oceania',
};
export type Region = keyof typeof regionWords;

/**
 * The UN's M49 regions (unstats.un.org/unsd/methodology/m49), but that the Middle East stands by
 * itself, Central America and the Caribbean are North America, and Cyprus is Europe.
 */
const members: Record<Region, string> = {
  europe:
    'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT' +
    ' LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK',
  eu: 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK',
  north_america:
    'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA' +
    ' PM PR SV SX TC TT US VC VG VI',
  south_america: 'AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE',
  asia:
    'AF AM AZ BD BN BT CN GE HK ID IN JP KG KH KP KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ TL' +
    ' TM TW UZ VN',
  middle_east: 'AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE',
  africa:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML' +
    ' MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW',
  oceania: 'AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS',
};

let regions: Map<string, Region[]> | undefined;

/** `NL` -> `europe`, `eu`; none for a code that is no country's. */
export function regionsOf(country: string): readonly Region[] {
  if (regions === undefined) {
    regions = new Map();
    for (const [region, codes] of Object.entries(members) as [Region, string][]) {
      for (const code of codes.split(' ')) {
        regions.set(code, [...(regions.get(code) ?? []), region]);
      }
    }
  }
  return regions.get(country) ?? [];
}
