import styles from './group-select.module.css'
import type { listGroups } from './list-groups.ts'

interface GroupSelectProps {
  readonly groups: ReturnType<typeof listGroups>
  readonly current: string | null
  readonly onChange: (group: string | null) => void
}

/** Narrows a table of tenants to one group; a group that is asked for and not here stays to be seen. */
export function GroupSelect({ groups, current, onChange }: GroupSelectProps) {
  return (
    <label>
      <span className="visually-hidden">Group</span>
      <select
        className={styles.select}
        value={current ?? ''}
        onChange={event => onChange(event.target.value || null)}
      >
        <option value="">every group</option>
        {current !== null && !groups.some(({ name }) => name === current) && (
          <option value={current}>{current}, not here</option>
        )}
        {groups.map(({ name, tenants }) => (
          <option key={name} value={name}>
            {`${name} (${tenants})`}
          </option>
        ))}
      </select>
    </label>
  )
}
