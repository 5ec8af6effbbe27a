-- R14. Drops days below the lowest floor of all lanes; idempotency keys live 24 hours.
select drop_days((select min(floor) from lane), (now() at time zone 'UTC')::date - 1) as dropped
