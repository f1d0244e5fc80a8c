// Content-Security-Policy: what it forbids is told by an event alone.

/** How a sentence about what a policy forbids begins. */
export const forbids = (whose: "page" | "worker"): string =>
  `the ${whose}'s Content-Security-Policy forbids it: `;

/**
 * Watches whether the policy of the page, or of this worker, forbids something of this kind; what else it forbids meanwhile is
 * no reason.
 */
export function watchPolicy(of: RegExp): { violated(): Promise<string | undefined>; end(): void } {
  const { document } = globalThis as { document?: Partial<EventTarget> };
  const target: Partial<EventTarget> = document ?? globalThis;
  let why: string | undefined;
  const listen = (event: Event): void => {
    const { effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (!of.test(effectiveDirective)) return;
    // A worker that is started by a blob has the page's policy.
    const pages = document || globalThis.location?.protocol === "blob:";
    why = forbids(pages ? "page" : "worker") + effectiveDirective;
    if (/trusted-types/.test(effectiveDirective)) {
      why += "; the policy 'lanegrad' has to be allowed in trusted-types";
    }
  };
  target.addEventListener?.("securitypolicyviolation", listen);
  return {
    async violated() {
      // The browser reports a violated policy a moment after the failure.
      if (why === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
      return why;
    },
    end: () => target.removeEventListener?.("securitypolicyviolation", listen),
  };
}
