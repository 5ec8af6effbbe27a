-- R12. Held no longer: it catches up. $1 id.
update behind set reason = 'spilled' where subscription_id = $1::int8
