-- Which fire pixels are linked?  All pairs near in space and in time, each once.
--
-- heat (id, cell, lat_e5, lon_e5, minute)  positions in 1e-5 degrees, minutes since 1970-01-01
-- near (cell, other)   all cells that may hold a pixel within reach of one in ``cell``, itself too
-- rule (sin2, minutes) one row: sin2 = sin(radius / (2 * earth radius)) squared, and whole minutes
--
-- Cells and stretches of time only make it fast; distance and difference decide.  A stretch is one
-- minute longer than a link, so that links reach at most into the next.
WITH later AS (
    SELECT CAST(0 AS BIGINT) AS steps
    UNION ALL
    SELECT CAST(1 AS BIGINT) AS steps
),
placed AS (
    SELECT
        heat.id,
        heat.cell,
        heat.lat_e5,
        heat.lon_e5,
        heat.minute,
        CAST(FLOOR(CAST(heat.minute AS DOUBLE) / (rule.minutes + 1)) AS BIGINT) AS stretch
    FROM heat
    CROSS JOIN rule
),
reach AS (
    SELECT
        placed.id,
        placed.lat_e5,
        placed.lon_e5,
        placed.minute,
        placed.stretch + later.steps AS stretch,
        later.steps,
        near.other AS cell
    FROM placed
    INNER JOIN near ON near.cell = placed.cell
    CROSS JOIN later
),
pair AS (
    SELECT
        LEAST(reach.id, placed.id) AS id,
        GREATEST(reach.id, placed.id) AS linked,
        ABS(placed.minute - reach.minute) AS minutes,
        POWER(SIN(RADIANS(reach.lat_e5 - placed.lat_e5) / 200000.0), 2)
        + COS(RADIANS(reach.lat_e5 / 100000.0)) * COS(RADIANS(placed.lat_e5 / 100000.0))
        * POWER(SIN(RADIANS(reach.lon_e5 - placed.lon_e5) / 200000.0), 2) AS sin2
    FROM reach
    INNER JOIN placed ON placed.cell = reach.cell AND placed.stretch = reach.stretch
    WHERE reach.steps = 1 OR reach.id < placed.id
)
SELECT
    pair.id,
    pair.linked
FROM pair
CROSS JOIN rule
WHERE pair.minutes <= rule.minutes AND pair.sin2 <= rule.sin2
ORDER BY pair.id, pair.linked
