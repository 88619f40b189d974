import type { ElectronApplication } from 'playwright-core'

/** Answers every message box with this button from now on, and keeps what was asked. */
export async function answerBoxes(app: ElectronApplication, button: string): Promise<void> {
  await app.evaluate(({ dialog }, wanted) => {
    const home = globalThis as { askedBoxes?: string[] }
    home.askedBoxes ??= []
    const asked = home.askedBoxes
    const answer = async (...given: readonly unknown[]) => {
      const options = given.at(-1) as { message: string; buttons?: readonly string[] }
      asked.push(options.message)
      return { response: options.buttons?.indexOf(wanted) ?? 0, checkboxChecked: false }
    }
    dialog.showMessageBox = answer as typeof dialog.showMessageBox
  }, button)
}

/** The messages of the boxes so far. */
export function readBoxes(app: ElectronApplication): Promise<readonly string[]> {
  return app.evaluate(() => (globalThis as { askedBoxes?: string[] }).askedBoxes ?? [])
}
