/**
 * What the screen shows of a jurisdiction: what the centre acts on, where somebody decided that.
 *
 * @typedef {import("./types.js").Jurisdiction} Jurisdiction
 * @typedef {import("./types.js").Decision} Decision
 */

/**
 * Puts the decision's shares in the place of the bare area's; on a border is who is not sure or has somebody to tell.
 *
 * @param {Jurisdiction} jurisdiction
 * @returns {Jurisdiction}
 */
export function asDecided(jurisdiction) {
  const { decision } = jurisdiction;
  if (!decision?.centre) return jurisdiction;
  const outcome = outcomeOf(jurisdiction, decision);
  if (outcome === "outside") return jurisdiction;
  const { centre, shares, kecamatan, outside_share } = decision;
  return {
    ...jurisdiction,
    outcome,
    centre,
    shares,
    kecamatan,
    outside_share,
    unknown_share: 0,
    nearest: null,
    gap_m: null,
  };
}

/**
 * @param {Jurisdiction} jurisdiction
 * @param {Decision} decision
 * @returns {Jurisdiction["outcome"]}
 */
function outcomeOf(jurisdiction, decision) {
  if (decision.sure && !decision.tell.length) return "inside";
  const [first] = decision.shares;
  const mostlyOutside = decision.outside_share > (first?.share ?? 0);
  return jurisdiction.outcome === "outside" && mostlyOutside ? "outside" : "straddles";
}

/**
 * @template {{ jurisdiction: Jurisdiction | null }} T
 * @param {T} item
 * @returns {T}
 */
export function withDecision(item) {
  return item.jurisdiction ? { ...item, jurisdiction: asDecided(item.jurisdiction) } : item;
}
