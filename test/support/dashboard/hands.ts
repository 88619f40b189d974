import type { Locator, Page } from 'playwright-core'

/** How a person works: with the mouse, or with the keyboard alone. */
export type Hand = 'mouse' | 'keyboard'

/** The same gestures for both: a journey is written once and taken twice. */
export interface Hands {
  readonly hand: Hand
  /** Presses a button or follows a link. */
  activate(target: Locator): Promise<void>
  /** Writes into a field. */
  write(target: Locator, text: string): Promise<void>
  /** Goes to one of the five screens. */
  goTo(screen: 'Overview' | 'Topology' | 'Plan' | 'Runs' | 'Settings'): Promise<void>
}

const farthest = 400

/** Lends a pair of hands on a page. The keyboard's reach everything by Tab, and never touch the mouse. */
export function lendHands(page: Page, hand: Hand): Hands {
  if (hand === 'mouse') {
    return {
      hand,
      activate: target => target.click(),
      write: (target, text) => target.fill(text),
      goTo: screen =>
        page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click(),
    }
  }
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor()
    for (let steps = 0; steps < farthest; steps += 1) {
      if (await target.evaluate(element => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`no Tab leads to ${target}`)
  }
  // Of several tabs one is reached by Tab, the others by arrows.
  const arrowTo = async (tab: Locator): Promise<void> => {
    const list = page.getByRole('tablist').filter({ has: tab })
    await reach(list.getByRole('tab', { selected: true }))
    for (let steps = 0; steps < farthest; steps += 1) {
      if (await tab.evaluate(element => element === document.activeElement)) return
      await page.keyboard.press('ArrowRight')
    }
    throw new Error(`no arrow leads to ${tab}`)
  }
  return {
    hand,
    async activate(target) {
      await target.waitFor()
      if ((await target.getAttribute('role')) === 'tab') return arrowTo(target)
      await reach(target)
      await page.keyboard.press('Enter')
    },
    async write(target, text) {
      await reach(target)
      await page.keyboard.press('Control+a')
      await page.keyboard.type(text)
    },
    async goTo(screen) {
      await page.keyboard.press('g')
      await page.keyboard.press(screen.charAt(0).toLowerCase())
      await page.waitForURL(url => url.hash.startsWith(`#/${screen.toLowerCase()}`))
    },
  }
}
