import type { SandboxOptions } from './sandbox-options.ts'

/** The settings of every server of a sandbox. Limits must be equal on standbys, or they refuse to start. */
export function defaultSettings(options: SandboxOptions): Readonly<Record<string, string>> {
  return {
    listen_addresses: '127.0.0.1',
    // No socket files: their paths may be no longer than about 100 bytes, and nothing here uses them.
    unix_socket_directories: '',
    wal_level: 'replica',
    max_wal_senders: '10',
    max_replication_slots: '10',
    max_connections: String(options.maxConnections ?? 100),
    max_prepared_transactions: String(options.maxPreparedTransactions ?? 64),
    hot_standby: 'on',
    // Instead of slots: a standby that is down for the length of a demo finds its WAL again.
    wal_keep_size: '512MB',
    max_wal_size: '1GB',
    wal_retrieve_retry_interval: '200ms',
    fsync: options.fsync === false ? 'off' : 'on',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    // A killed server would leave shared memory of the system behind; files go with the folder.
    ...(process.platform === 'win32' ? {} : { dynamic_shared_memory_type: 'mmap' }),
    ...options.settings,
  }
}

/** What a standby has beside that: where it streams from, and under which name the primary lists it. */
export function standbySettings(standby: {
  readonly name: string
  readonly primaryPort: number
  readonly password: string
}): Readonly<Record<string, string>> {
  const source = `host=127.0.0.1 port=${standby.primaryPort} user=postgres password=${standby.password}`
  return { primary_conninfo: `${source} application_name=${standby.name}` }
}
