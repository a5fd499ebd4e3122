-- Which heat lies inside the outline of which site, or within reach of its border, in its time?
--
-- heat  (cell, lat_e5, lon_e5, minute, satellite, source, line)
-- cover (cell, site, first_minute, last_minute)
--        one row for each cell and site that the outline, grown by its reach, may touch; by cell
-- edge  (site, a_lat_e5, a_lon_e5, b_lat_e5, b_lon_e5, reach_e5, sin2)
--        edges of all rings, holes too; at most 10 degrees long
--        reach_e5 = radius as degrees of latitude, rounded up
--        sin2     = sin(radius / (2 * earth radius)) squared
--
-- Positions in 1e-5 degrees, minutes since 1970-01-01 UTC, both ends included.  Edges are straight
-- in the plane of degrees.  A row of heat comes once for each site; ``inside`` is 1 inside and on
-- the border, in exact whole numbers, and 0 elsewhere.
--
-- Edges lie at the copy that is nearest to the pixel around the earth, so the halves of an outline
-- that is cut at the antimeridian meet: edges along the cut cancel in the count of crossings, and
-- who is near them is in or near the outline anyway.
--
-- The nearest point of an edge is sought in the plane about the pixel and then corrected once for
-- the narrowing of meridians (a step of Newton's method); the distance to it is that on the sphere.
-- So a distance is never too short.  Measured against a close search along edges up to 200 km long,
-- it is too long by at most 2e-10 of itself for reaches up to 10 km below 80 degrees of latitude,
-- and by 2e-6 for 50 km at 85 degrees.  Not meant for polar caps.
WITH candidate AS (
    SELECT
        cover.site,
        heat.lat_e5,
        heat.lon_e5,
        heat.minute,
        heat.satellite,
        heat.source,
        heat.line
    FROM heat
    INNER JOIN cover ON heat.cell = cover.cell
    WHERE heat.minute BETWEEN cover.first_minute AND cover.last_minute
),

spot AS (
    SELECT DISTINCT
        site,
        lat_e5,
        lon_e5
    FROM candidate
),

-- From the pixel to the one end of the edge, and from there to the other.  Edges farther north
-- or south than the reach are neither near nor crossed by the pixel's parallel.
met AS (
    SELECT
        spot.site,
        spot.lat_e5,
        spot.lon_e5,
        edge.sin2,
        COS(RADIANS(spot.lat_e5 / 100000.0)) AS narrow,
        CAST(edge.a_lat_e5 AS BIGINT) - spot.lat_e5 AS north,
        CAST(edge.a_lon_e5 AS BIGINT) - spot.lon_e5
        + CASE
            WHEN edge.a_lon_e5 - spot.lon_e5 > 18000000 THEN -36000000
            WHEN edge.a_lon_e5 - spot.lon_e5 < -18000000 THEN 36000000
            ELSE 0
        END AS east,
        CAST(edge.b_lat_e5 AS BIGINT) - edge.a_lat_e5 AS d_north,
        CAST(edge.b_lon_e5 AS BIGINT) - edge.a_lon_e5 AS d_east
    FROM spot
    INNER JOIN edge ON edge.site = spot.site
    WHERE LEAST(edge.a_lat_e5, edge.b_lat_e5) - spot.lat_e5 <= edge.reach_e5
        AND GREATEST(edge.a_lat_e5, edge.b_lat_e5) - spot.lat_e5 >= -edge.reach_e5
),

-- ``side``: zero on the line through the edge; the parallel meets the edge east of the pixel where
-- it has the sign of d_north.  ``share``: how far along the edge the nearest point is, 0 to 1.
sided AS (
    SELECT
        met.*,
        east * d_north - north * d_east AS side,
        CASE
            WHEN d_north = 0 AND d_east = 0 THEN 0.0
            ELSE GREATEST(0.0, LEAST(1.0,
                -(north * d_north + narrow * narrow * east * d_east)
                / (d_north * d_north + narrow * narrow * d_east * d_east)
            ))
        END AS share
    FROM met
),

placed AS (
    SELECT
        sided.*,
        north + share * d_north AS foot_north,
        east + share * d_east AS foot_east,
        RADIANS((lat_e5 + north + share * d_north) / 100000.0) AS foot_lat
    FROM sided
),

corrected AS (
    SELECT
        placed.*,
        CASE
            WHEN d_north = 0 AND d_east = 0 THEN 0.0
            ELSE GREATEST(0.0, LEAST(1.0,
                share - (
                    foot_north * d_north
                    + narrow * COS(foot_lat) * foot_east * d_east
                    - narrow * SIN(foot_lat) * d_north * foot_east
                    * RADIANS(foot_east / 200000.0)
                ) / (d_north * d_north + narrow * COS(foot_lat) * d_east * d_east)
            ))
        END AS best
    FROM placed
),

measured AS (
    SELECT
        site,
        lat_e5,
        lon_e5,
        CASE
            WHEN (north > 0 AND north + d_north <= 0 AND side < 0)
                OR (north <= 0 AND north + d_north > 0 AND side > 0)
                THEN 1
            ELSE 0
        END AS crossed,
        CASE
            WHEN side = 0
                AND LEAST(north, north + d_north) <= 0 AND GREATEST(north, north + d_north) >= 0
                AND LEAST(east, east + d_east) <= 0 AND GREATEST(east, east + d_east) >= 0
                THEN 1
            ELSE 0
        END AS on_border,
        SIN(RADIANS((north + best * d_north) / 200000.0))
        * SIN(RADIANS((north + best * d_north) / 200000.0))
        + narrow * COS(RADIANS((lat_e5 + north + best * d_north) / 100000.0))
        * SIN(RADIANS((east + best * d_east) / 200000.0))
        * SIN(RADIANS((east + best * d_east) / 200000.0))
        - sin2 AS beyond
    FROM corrected
),

decided AS (
    SELECT
        site,
        lat_e5,
        lon_e5,
        GREATEST(MAX(on_border), MOD(CAST(SUM(crossed) AS BIGINT), 2)) AS inside,
        MIN(beyond) AS beyond
    FROM measured
    GROUP BY site, lat_e5, lon_e5
)

SELECT
    candidate.site,
    candidate.lat_e5,
    candidate.lon_e5,
    candidate.minute,
    candidate.satellite,
    candidate.source,
    candidate.line,
    decided.inside
FROM candidate
INNER JOIN decided
    ON decided.site = candidate.site
    AND decided.lat_e5 = candidate.lat_e5
    AND decided.lon_e5 = candidate.lon_e5
WHERE decided.inside = 1 OR decided.beyond <= 0.0
