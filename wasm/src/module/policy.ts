// Content-Security-Policy: what it forbids is told by an event alone.

/** Watches whether the policy of the page, or of this worker, forbids something. */
export function watchPolicy(): { violated(): Promise<string | undefined>; end(): void } {
  const { document } = globalThis as { document?: Partial<EventTarget> };
  const target: Partial<EventTarget> = document ?? globalThis;
  let why: string | undefined;
  const listen = (event: Event): void => {
    const { effectiveDirective } = event as SecurityPolicyViolationEvent;
    why = `the ${document ? "page" : "worker"}'s Content-Security-Policy forbids it: ${effectiveDirective}`;
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
