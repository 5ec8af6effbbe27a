-- R5. The name's session lock: a second process of the same name gets false. $1 name.
select pg_try_advisory_lock(hashtext('livehook.node'), hashtext($1::text)) as held
