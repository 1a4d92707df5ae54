-- The market is searched in memory. Nothing sorts by these, and one of them was taken where the id
-- was given.
DROP INDEX offerings_by_price;
DROP INDEX offerings_by_time;
