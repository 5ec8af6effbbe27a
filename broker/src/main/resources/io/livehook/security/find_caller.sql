-- Who holds a key that is valid now. $1 keyed hash.
select h.*, now() as asked_at from key_holder($1::bytea) h
