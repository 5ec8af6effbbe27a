-- Runs whenever the schema has been brought up to date, also when there was nothing to do: an administrator
-- may have made the role meanwhile.
select prepare_reader();
