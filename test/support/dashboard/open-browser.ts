import { type Browser, chromium } from 'playwright-core'
import { chromiumOptions, findChromium } from '../chromium.ts'

/** Starts the machine's own Chromium. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium() ?? 'chromium', args: [...chromiumOptions] })
}
