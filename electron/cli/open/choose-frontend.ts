/** Where the dashboard is shown. */
export type ChosenFrontend =
  | { readonly kind: 'desktop'; readonly program: string }
  /** `why` is null when it was asked for. */
  | { readonly kind: 'web'; readonly why: string | null }

/** What the choice depends on. */
export interface FrontendFacts {
  readonly wantsWeb: boolean
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The program of Electron, or null. */
  readonly electron: string | null
}

/** The desktop application where it can be seen; else the browser, with the reason. */
export function chooseFrontend({ wantsWeb, platform, environment, electron }: FrontendFacts): ChosenFrontend {
  if (wantsWeb) return { kind: 'web', why: null }
  if (environment.SSH_CONNECTION) return { kind: 'web', why: 'this is a session over SSH' }
  const hasScreen =
    platform === 'darwin' || platform === 'win32' || environment.DISPLAY || environment.WAYLAND_DISPLAY
  if (!hasScreen)
    return { kind: 'web', why: 'there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)' }
  if (electron !== null) return { kind: 'desktop', program: electron }
  const named = environment.LOCKSTEP_ELECTRON
  return {
    kind: 'web',
    why: named
      ? `LOCKSTEP_ELECTRON names no program: ${named}`
      : 'the program of Electron is not here; `npx electron --version` fetches it',
  }
}
