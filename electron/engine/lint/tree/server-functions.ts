/** Whether a function, by the parts of its name, is one that comes with the server: what it does is known. */
export function isOfServer(name: readonly string[]): boolean {
  const schema = name.at(-2)
  if (schema !== undefined) return schema === 'pg_catalog'
  const own = name.at(-1) ?? ''
  return families.test(own) || common.has(own)
}

/** Functions of the server that share the beginning of their names. */
const families = new RegExp(
  [
    '^(pg|jsonb?|array|regexp|txid|lo|inet|ts)_',
    '^(bit|bool)_(and|or|xor)$',
    '^current_(database|query|schemas?|setting)$',
    '^date_(add|bin|part|subtract|trunc)$',
    '^has_.*_privilege$',
    '^make_(date|interval|time|timestamp|timestamptz)$',
    '^(obj|col|shobj)_description$',
    '^quote_(ident|literal|nullable)$',
    '^range_(agg|intersect_agg|merge)$',
    '^string_(agg|to_array|to_table)$',
    '^to_(ascii|char|date|hex|jsonb?|number|reg.*|timestamp|ts.*)$',
    '^(gen_random|uuid_generate)_',
  ].join('|'),
)

/** Others that stand in migrations. */
const common: ReadonlySet<string> = new Set(
  `abs age any_value ascii avg btrim cardinality ceil ceiling chr clock_timestamp concat concat_ws convert
convert_from convert_to count cume_dist currval date date_part date_trunc daterange decode dense_rank div
encode every exp extract factorial first_value floor format format_type gcd generate_series
generate_subscripts get_bit get_byte hashtext hashtextextended host initcap int4range int8range isfinite
justify_days justify_hours lag last_value lastval lcm lead left length ln log lower lower_inc lower_inf lpad
ltrim max md5 min mod mode nextval normalize now nth_value ntile num_nonnulls num_nulls numrange
octet_length overlaps overlay parse_ident percent_rank percentile_cont percentile_disc phraseto_tsquery pi
plainto_tsquery position pow power random rank repeat replace reverse right round row_number row_to_json
rpad rtrim set_bit set_byte set_config setseed setval setweight sha256 sha512 sign split_part sqrt
starts_with statement_timestamp stddev stddev_pop stddev_samp strpos substr substring sum text timeofday
timezone transaction_timestamp translate trim_array trunc tsrange tstzrange tsvector_to_array unnest upper
upper_inc upper_inf uuidv4 uuidv7 var_pop var_samp variance version websearch_to_tsquery width_bucket xmlagg
xpath xpath_exists`.split(/\s+/),
)
