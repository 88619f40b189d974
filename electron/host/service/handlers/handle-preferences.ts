import type { HandlersOf, ServiceContext } from '../context/service-context.ts'

/** How a person wants the dashboard. */
export function handlePreferences({ preferences }: ServiceContext): HandlersOf<'preferences'> {
  return {
    'preferences.read': () => preferences.read(),
    'preferences.write': input => preferences.write(input.preferences),
  }
}
