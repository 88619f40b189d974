/** An event of Electron that a listener can prevent. */
export type CancellableEvent<Details extends object = object> = Details & {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

/** Makes one, with its details. */
export function makeEvent<Details extends object>(details: Details): CancellableEvent<Details> {
  let defaultPrevented = false
  const event = {
    ...details,
    preventDefault: (): void => {
      defaultPrevented = true
    },
  }
  return Object.defineProperty(event, 'defaultPrevented', {
    get: () => defaultPrevented,
  }) as CancellableEvent<Details>
}
