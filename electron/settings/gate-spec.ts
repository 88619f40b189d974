import type { z } from 'zod'

/**
 * All that there is to say about a gate without judging: what it allows, and the words for it.
 *
 * Its judgement is a value of type `Gate` in the engine, which takes its words from here.
 */
export interface GateSpec<Settings extends z.ZodType | null = z.ZodType | null> {
  /** What holds when it passes. */
  readonly title: string
  readonly why: string
  /** What there is to do in general; the answer of the gate says it with names and numbers. */
  readonly remedy: string
  /** True when it measures an instant, so that value and evidence may differ between two identical runs. */
  readonly momentary: boolean
  /** False where nobody can accept what it stops. */
  readonly waivable: boolean
  /** Parts of the policy that decide about it, beside its own settings. */
  readonly furtherSettings: readonly string[]
  /** What stands under its name in `gates`, with defaults and descriptions; null where it has nothing to set. */
  readonly settings: Settings
}

/** Defines a gate's words and settings, under its name in a family of gates. */
export function specifyGate<Settings extends z.ZodType | null>(
  spec: Pick<GateSpec, 'title' | 'why' | 'remedy' | 'momentary'> &
    Partial<Pick<GateSpec, 'waivable' | 'furtherSettings'>> & { readonly settings: Settings },
): GateSpec<Settings> {
  return { waivable: true, furtherSettings: [], ...spec }
}
