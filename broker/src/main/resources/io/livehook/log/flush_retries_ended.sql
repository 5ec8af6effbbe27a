-- R11. Retries that have an end. $1 subscriptions, $2 updates. Index retry_pkey.
delete from retry t using unnest($1::int8[], $2::int8[]) e (s, u) where t.subscription_id = e.s and t.update_id = e.u
