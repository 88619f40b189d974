import type { PartCode } from './lazy-code.ts'

interface PartProps<Props extends object> {
  readonly code: PartCode<Props>
  readonly props: Props
}

/** A part of the dashboard as soon as its code is there; it wants a Suspense and a PanelBoundary around it. */
export function Part<Props extends object>({ code, props }: PartProps<Props>) {
  const Loaded = code.current()
  return <Loaded {...props} />
}
