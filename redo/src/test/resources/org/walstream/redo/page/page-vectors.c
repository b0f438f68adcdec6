/*
 * Writes page-vectors.txt: what PostgreSQL's own page functions make of pages, step by step. Each
 * line is a change, what the function returned, and the CRC-32 of the whole page afterwards.
 *
 * In a source tree of PostgreSQL that has been configured:
 *   cc -O1 -ffunction-sections -fdata-sections -Wl,--gc-sections -Isrc/include page-vectors.c \
 *     src/backend/storage/page/bufpage.c src/backend/storage/freespace/fsmpage.c \
 *     src/backend/access/common/bufmask.c src/backend/access/heap/heapam_xlog.c \
 *     src/backend/access/nbtree/nbtxlog.c src/backend/access/hash/hash_xlog.c \
 *     src/backend/access/gin/ginxlog.c src/backend/access/gist/gistxlog.c \
 *     src/backend/access/spgist/spgxlog.c src/backend/access/brin/brin_xlog.c \
 *     src/backend/access/transam/generic_xlog.c src/backend/commands/sequence.c -lz
 *
 * An item of the step n has the bytes n*131 + k*7 + k/32 for k from 0 on.
 */
#include "postgres.h"

#include "access/brin_xlog.h"
#include "access/bufmask.h"
#include "access/generic_xlog.h"
#include "access/ginxlog.h"
#include "access/gistxlog.h"
#include "access/hash_xlog.h"
#include "access/heapam_xlog.h"
#include "access/htup_details.h"
#include "access/itup.h"
#include "access/nbtxlog.h"
#include "access/spgxlog.h"
#include "commands/sequence.h"
#include "storage/bufpage.h"
#include "storage/fsm_internals.h"
#undef printf
#undef sprintf
#undef fprintf
#include <stdio.h>
#include <zlib.h>

static PGIOAlignedBlock block;
static Page page = block.data;
static int step;
static int longest;
static char line[20000];
static char bytes[BLCKSZ];
static uint64 state = 88172645463325252ULL;

/* What the functions call when they fail, which they do not here. */
bool errstart(int level, const char *domain) { return level >= ERROR; }
bool errstart_cold(int level, const char *domain) { return level >= ERROR; }
int errcode(int code) { return 0; }
int errmsg(const char *format,...) { return 0; }
int errmsg_internal(const char *format,...) { return 0; }
void errfinish(const char *file, int lineno, const char *function) { exit(1); }

static int
random_below(int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (int) ((state >> 11) % n);
}

static void
done(int result)
{
	printf("%s = %d %08lx\n", line, result, crc32(0, (const Bytef *) block.data, BLCKSZ));
	step++;
}

static Item
item(int size)
{
	for (int k = 0; k < size; k++)
		bytes[k] = (char) (step * 131 + k * 7 + k / 32);
	return bytes;
}

static void
init(int special)
{
	PageInit(page, BLCKSZ, special);
	sprintf(line, "init %d", special);
	done(0);
}

static void
add(int offnum, int flags)
{
	int			size = 8 + random_below(longest);

	sprintf(line, "add %d %d %d", offnum, size, flags);
	done(PageAddItemExtended(page, item(size), size, offnum, flags));
}

static void
overwrite(int offnum)
{
	int			size = 8 + random_below(longest);

	sprintf(line, "overwrite %d %d", offnum, size);
	done(PageIndexTupleOverwrite(page, offnum, item(size), size));
}

static void
multi_delete(int max)
{
	OffsetNumber offnums[MaxIndexTuplesPerPage];
	int			n = 0;
	int			rarity = 2 + random_below(6);
	char	   *end = line + sprintf(line, "multi");

	for (int offnum = 1; offnum <= max; offnum++)
	{
		if (random_below(rarity) == 0 && (rarity > 3 || n < 2))
		{
			offnums[n++] = offnum;
			end += sprintf(end, " %d", offnum);
		}
	}
	PageIndexMultiDelete(page, offnums, n);
	done(0);
}

static void
index_step(bool grow)
{
	int			max = PageGetMaxOffsetNumber(page);
	int			choice = random_below(10);

	if (max > 0 && !grow && choice == 0)
	{
		int			offnum = 1 + random_below(max);

		sprintf(line, "delete %d", offnum);
		PageIndexTupleDelete(page, offnum);
		done(0);
	}
	else if (max > 0 && !grow && choice <= 2)
		multi_delete(max);
	else if (max > 0 && choice <= 4)
		overwrite(1 + random_below(max));
	else
		add(1 + random_below(max + 1), 0);
}

static void
numbered_index_step(bool grow)
{
	int			max = PageGetMaxOffsetNumber(page);
	int			choice = random_below(10);
	int			offnum = max > 0 ? 1 + random_below(max) : 0;
	bool		there = offnum > 0 && ItemIdHasStorage(PageGetItemId(page, offnum));

	if (there && !grow && choice <= 3)
	{
		sprintf(line, "nocompact %d", offnum);
		PageIndexTupleDeleteNoCompact(page, offnum);
		done(0);
	}
	else if (there && choice <= 5)
		overwrite(offnum);
	else
		add(offnum > 0 && !there ? offnum : max + 1, PAI_OVERWRITE);
}

static void
set_line_pointer(int offnum, int max)
{
	ItemId		lp = PageGetItemId(page, offnum);

	switch (random_below(3))
	{
		case 0:
			ItemIdSetUnused(lp);
			break;
		case 1:
			ItemIdSetRedirect(lp, 1 + random_below(max));
			break;
		default:
			ItemIdSetDead(lp);
	}
	sprintf(line, "lp %d %d %d", offnum, lp->lp_flags, lp->lp_off);
	done(0);
}

static void
heap_step(bool grow)
{
	int			max = PageGetMaxOffsetNumber(page);
	int			choice = random_below(10);
	int			offnum = max > 0 ? 1 + random_below(max) : 0;

	if (offnum > 0 && !grow && choice <= 4)
		set_line_pointer(offnum, max);
	else if (max > 0 && !grow && choice == 5)
	{
		PageRepairFragmentation(page);
		sprintf(line, "repair");
		done(0);
	}
	else if (max > 0 && !grow && choice == 6)
	{
		PageTruncateLinePointerArray(page);
		sprintf(line, "truncate");
		done(0);
	}
	else
	{
		int			place = random_below(3) > 0 ? InvalidOffsetNumber : max + 1;

		if (offnum > 0 && place > 0 && !ItemIdIsUsed(PageGetItemId(page, offnum)))
			place = offnum;
		add(place, PAI_OVERWRITE | PAI_IS_HEAP);
		sprintf(line, "space");
		done((int) PageGetHeapFreeSpace(page));
	}
}

static void
mask(const char *name, void (*function) (Page))
{
	PGIOAlignedBlock old = block;

	function(page);
	sprintf(line, "mask %s", name);
	done(0);
	block = old;
}

static void
masks(void)
{
	mask("lsn", mask_page_lsn_and_checksum);
	mask("hints", mask_page_hint_bits);
	mask("unused", mask_unused_space);
	mask("flags", mask_lp_flags);
	mask("content", mask_page_content);
}

static void
fsm_step(void)
{
	int			choice = random_below(100);
	int			slot = random_below(random_below(2) ? 30 : SlotsPerFSMPage);
	int			value = random_below(256);

	if (choice == 0)
	{
		sprintf(line, "fsm-truncate %d", slot);
		done(fsm_truncate_avail(page, slot));
	}
	else if (choice <= 3)
	{
		/* an inner node that knows nothing of those below it */
		((FSMPage) PageGetContents(page))->fp_nodes[slot] = value;
		sprintf(line, "fsm-damage %d %d", slot, value);
		done(0);
	}
	else if (choice == 4)
	{
		sprintf(line, "fsm-rebuild");
		done(fsm_rebuild_page(page));
	}
	else
	{
		sprintf(line, "fsm-set %d %d", slot, value);
		done(fsm_set_avail(page, slot, value));
	}
}

static void
poke(int at, int value)
{
	page[at] = (char) value;
	page[at + 1] = (char) (value >> 8);
	sprintf(line, "poke %d %d", at, value);
	done(0);
}

/* What heap masks of a tuple depends on: its infomask and the offset number of its ctid. */
static void
poke_tuples(void)
{
	static const int infomasks[] = {0x0100, 0x0300, 0x0B03, 0x0D82, 0xFFFF, 0x0000};

	for (int offnum = 1; offnum <= (int) PageGetMaxOffsetNumber(page); offnum++)
	{
		int			at = ItemIdGetOffset(PageGetItemId(page, offnum));

		poke(at + 20, infomasks[random_below(6)]);
		poke(at + 16, random_below(3) == 0 ? 0xFFFE : offnum);
	}
}

static void
mask_as(const char *rmgr, void (*function) (char *, BlockNumber))
{
	PGIOAlignedBlock old = block;
	BlockNumber number = 0x12345 + step;

	function(page, number);
	sprintf(line, "mask-as %s %u", rmgr, number);
	done(0);
	block = old;
}

/* Pages with items, something in the hole, and any flags in the special area. */
static void
mask_pages(const char *rmgr, void (*function) (char *, BlockNumber), int special, int flags_at,
		   const int *flags, int nflags)
{
	for (int i = 0; i < nflags; i++)
	{
		init(special);
		for (int offnum = 1; offnum <= 6; offnum++)
		{
			int			size = 24 + random_below(100);

			sprintf(line, "add %d %d 0", offnum, size);
			done(PageAddItemExtended(page, item(size), size, offnum, 0));
		}
		sprintf(line, "delete 6");
		PageIndexTupleDelete(page, 6);
		done(0);
		poke(2, 0x1234);
		poke(10, 0x0007);
		poke(20, 777);
		if (special == 0)
			poke_tuples();
		else
		{
			/* the third item is dead */
			poke(24 + 2 * 4 + 2, ((uint16 *) (page + 24 + 2 * 4))[1] | 0x0001);
			for (int at = 0; at < special; at += 2)
				poke(BLCKSZ - special + at, random_below(65536));
			poke(BLCKSZ - special + flags_at, flags[i]);
		}
		mask_as(rmgr, function);
	}
}

static void
mask_brin_pages(void)
{
	static const int types[] = {0xF091, 0xF092, 0xF093};
	static const int flags[] = {0xFFFF};

	for (int i = 0; i < 3; i++)
	{
		mask_pages("BRIN", brin_mask, 8, 4, flags, 1);
		poke(BLCKSZ - 2, types[i]);
		mask_as("BRIN", brin_mask);
		poke(12, 24);
		mask_as("BRIN", brin_mask);
	}
}

static void
mask_by_rmgr(void)
{
	static const int none[] = {0, 0, 0, 0};
	static const int btree[] = {0xFFFF, 0x0000, 0x0001, 0x0041, 0x0060, 0x0008};
	static const int hash[] = {0x0000, 0x0001, 0x0002, 0x0082, 0x0004, 0x0008, 0xFFFF, 0x0080};
	static const int gin[] = {0x0000, 0x0003, 0x0004, 0x0087, 0xFFFB};
	static const int gist[] = {0x0000, 0x0001, 0x0008, 0x0019, 0xFFFF};
	static const int spgist[] = {0x0000, 0x0004, 0xFFFF};

	mask_pages("HEAP", heap_mask, 0, 0, none, 4);
	mask_pages("HEAP2", heap_mask, 0, 0, none, 2);
	mask_pages("BTREE", btree_mask, 16, 12, btree, 6);
	mask_pages("HASH", hash_mask, 16, 12, hash, 8);
	mask_pages("GIN", gin_mask, 8, 6, gin, 5);
	poke(12, 24);
	mask_as("GIN", gin_mask);
	mask_pages("GIST", gist_mask, 16, 12, gist, 5);
	mask_pages("SPGIST", spg_mask, 8, 0, spgist, 3);
	mask_brin_pages();
	mask_pages("SEQUENCE", seq_mask, 8, 0, none, 1);
	mask_pages("GENERIC", generic_mask, 16, 0, none, 1);
}

int
main(void)
{
	static const int longests[] = {40, 200, 900, 300};

	for (int round = 0; round < 12; round++)
	{
		int			kind = round % 3;

		longest = longests[round / 3];
		init(kind == 0 ? 16 : kind == 1 ? 8 : 0);
		for (int i = 0; i < 160; i++)
		{
			if (kind == 0)
				index_step(i < 50);
			else if (kind == 1)
				numbered_index_step(i < 50);
			else
				heap_step(i < 50);
		}
		masks();
	}
	init(0);
	for (int i = 0; i < 400; i++)
		fsm_step();
	mask_by_rmgr();
	return 0;
}
