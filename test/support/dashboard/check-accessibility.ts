import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Every violation of WCAG 2.2 A and AA on the page, in words; empty when all is well. */
export async function findViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    // What passes is not described, node by node: of a thousand rows that takes longer than the looking.
    .options({ resultTypes: ['violations'], preload: false })
    // The dashboard has no frames: whatever axe finds in one go is all, and no second page is opened to put parts together.
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.flatMap(violation =>
    violation.nodes.map(
      node =>
        `${violation.id}: ${violation.help} at ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim() ?? ''})`,
    ),
  )
}
