"""How the compact file of zones lies in memory: 8-byte little-endian words, read in place by the kernels.

    words 0..31    head: what the constants below name
    grid           one int32 per cell, row by row from the south-west:
                   NOTHING, the row of the one zone that covers the whole cell, or -2 - word of the cell's record
    records        per cell with more than one answer: see below
    border         longitudes, then latitudes of all edges in pieces no longer than PIECE_DEG
    chunks         bounding spheres of runs of those pieces: x, y, z, radius in metres; first vertex; vertices | zone
    meta           UTF-8 JSON: version and the zones in order of their code

A record holds up to MOST_ENTRIES entries, in the order of the overlap rule, and each edge that touches the cell once,
in chains of vertices. The link between two vertices has a byte: the set of the entries that the edge bounds, none where
one chain ends and the next begins.

    bytes: entries, those of them for lookup, set of odd parity, set for shares; int32: 2 * links, + 1 if more follow
    int32 per entry: its zone
    byte per link: the set of its entries
    longitudes, then latitudes of the links' vertices, one more than links
    byte per link: the set of the entries that run it backwards

Where the border of an entry leaves the cell at a vertex to the west of it, a vertical edge from there to below the cell
closes it, so that the crossings to the west of a point together with the entry's parity tell inside from outside.
"""

MAGIC = b"GEO112ZN"
FORMAT = 2
HEAD_WORDS = 32

# Words of the head that hold integers.
W_FORMAT, W_TOTAL, W_CHECKSUM, W_META, W_META_BYTES = 1, 2, 3, 4, 5
W_NX, W_NY, W_GRID, W_RECORDS, W_ZONES = 6, 7, 8, 9, 10
W_CHUNKS, W_CHUNK_COUNT, W_BORDER, W_BORDER_COUNT = 11, 12, 13, 14
# Words of the head that hold floats.
W_X0, W_Y0, W_CELL, W_PER_CELL = 16, 17, 18, 19

NOTHING = -1
CELL_DEG = 0.0128
# Cells own the edges that come this near: wider than any rounding, far narrower than a cell.
MARGIN_DEG = 1e-9

# Flags of an entry while records are built: it answers lookups, it takes part in shares.
F_LOOKUP, F_SHARE = 2, 4

MOST_ENTRIES = 8

PIECE_DEG = 0.02
CHUNK_PIECES = 32
CHUNK_WORDS = 6
