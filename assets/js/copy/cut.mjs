// @ts-check
/** Cuts formulas, because the browser wraps between formulas only. */

/** A formula in MathML, cut at the signs that stand in nothing else. @param {string} math @param {string} signs @returns {{sign: string, math: string}[]} each part with the sign before it */
export const cut = (math, signs) => {
  let depth = 0;
  const found = [{ sign: "", math: "" }];
  for (const [piece, sign, closing] of math.matchAll(/<mo>(.)<\/mo>|<(\/?)\w[^>]*>[^<]*/gu)) {
    const last = found[found.length - 1];
    if (sign && depth === 0 && last.math && signs.includes(sign)) found.push({ sign, math: "" });
    else last.math += piece;
    if (!sign) depth += closing ? -1 : 1;
  }
  return found;
};
