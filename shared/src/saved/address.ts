/** The marketplace's address of a search; what is as it is without it is left out. */
export function searchAddress(search: {
  q: string;
  sort: string;
  hours: number;
  weights: string;
  currency?: string | undefined;
}): string {
  const params = new URLSearchParams();
  if (search.q !== '') params.set('q', search.q);
  params.set('sort', search.sort);
  params.set('hours', String(search.hours));
  if (search.weights !== '') params.set('weights', search.weights);
  if (search.currency !== undefined && search.currency !== 'USD') {
    params.set('currency', search.currency);
  }
  return `/marketplace?${params}`;
}
