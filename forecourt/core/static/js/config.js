// htmx under a strict policy: it evaluates nothing, adds no style, keeps no page, asks only us; a
// form refused with 422 is shown again. Said here, once, and not in every page.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(22|29)", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
