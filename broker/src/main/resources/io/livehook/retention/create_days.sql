-- Partitions for today and the two days to come.
select create_day((now() at time zone 'UTC')::date + n) from generate_series(-1, 2) n
