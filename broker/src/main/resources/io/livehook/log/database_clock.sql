-- The database's clock in milliseconds.
select (extract(epoch from clock_timestamp()) * 1000)::int8 as now
