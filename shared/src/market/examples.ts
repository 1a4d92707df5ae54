/** What the help page shows, each with what it finds; a test reads them all. */
export const queryExamples: readonly { query: string; finds: string }[] = [
  {
    query: 'gpu:H100 gpu_count:>=4 price:<2.5 country:(NL or DE) -provider:acme "liquid cooled"',
    finds:
      'Four H100 or more under 2.50 an hour, in the Netherlands or Germany, from anybody but acme,' +
      ' with these two words together in its text',
  },
  { query: 'gpu:4090,5090', finds: 'An RTX 4090 or an RTX 5090, however the provider writes it' },
  { query: 'gpu:"H100 SXM" gpu_count:8', finds: 'Exactly eight H100 of the SXM build' },
  { query: 'gpu_memory_total:>=640GB', finds: 'GPUs that together have 640 GB of memory' },
  { query: 'vcpus:16..32 memory:>=64GB', finds: '16 to 32 processor threads and 64 GB or more' },
  { query: 'disk:>=1TB disk_kind:nvme uplink:>=10Gbit', finds: 'A terabyte of NVMe, and 10 Gbit' },
  { query: 'region:eu -country:HU', finds: 'Anywhere in the European Union but Hungary' },
  { query: 'total:<500 currency:EUR', finds: 'All your hours for less than 500 euros' },
  { query: 'os:"Ubuntu 24.04" feature:IPv6', finds: 'Runs this system and has this feature' },
  { query: 'auto_accept:yes stock:>=2', finds: 'Two in stock, and nobody to wait for' },
  { query: 'reputation:>=5 reliability:>=95% response_time:<2h', finds: 'A well known provider' },
  { query: 'commitment:spot or price:<0.50', finds: 'What is spot, or costs under half a dollar' },
  { query: '(kind:storage disk:>=100TB) or kind:hosting', finds: 'Much storage, or any hosting' },
  { query: 'min_hours:<=24h max_hours:>=3mo', finds: 'To be had for a day and for three months' },
  { query: 'listed:<7d "bare metal" amsterdam', finds: 'New this week, with these words' },
];
