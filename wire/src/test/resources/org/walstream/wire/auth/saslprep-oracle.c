/*
 * What PostgreSQL's own pg_saslprep() makes of every code point, alone and beside others, as bytes:
 * for each string one byte, 1 when it was prepared and 0 when not, then the result's length (2 bytes,
 * big-endian) and the result. SaslPrepTest goes through the same strings in the same order and keeps
 * a SHA-256 of each block of 4096 code points in saslprep-18.sha256, made by:
 *
 *   cc -DFRONTEND -I$(pg_config --includedir-server) saslprep-oracle.c -L$(pg_config --libdir) \
 *      -lpgcommon -lpgport -o saslprep-oracle
 *   for block in $(seq 0 271); do ./saslprep-oracle $block | sha256sum | cut -d' ' -f1; done
 */
#include "postgres_fe.h"
#include "common/saslprep.h"
#include "mb/pg_wchar.h"

static unsigned char *
append(unsigned char *at, pg_wchar c)
{
	if (c == 0)
		return at;
	unicode_to_utf8(c, at);
	return at + (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
}

int
main(int argc, char **argv)
{
	/* before and behind the code point: 0 is nothing */
	static const pg_wchar beside[][2] = {{0, 0}, {'a', 0x00E9}, {0x05D0, 0x05D0}, {0, 0x0301}, {0x1100, 0x11A8}};
	pg_wchar	first = atoi(argv[1]) * 4096;

	for (pg_wchar c = Max(first, 1); c < first + 4096; c++)
	{
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		for (int i = 0; i < (int) lengthof(beside); i++)
		{
			unsigned char string[20];
			unsigned char *end = append(append(append(string, beside[i][0]), c), beside[i][1]);
			char	   *result;
			size_t		length;

			*end = 0;
			if (pg_saslprep((char *) string, &result) != SASLPREP_SUCCESS)
			{
				fwrite("\0\0\0", 1, 3, stdout);
				continue;
			}
			length = strlen(result);
			putchar(1);
			putchar((int) (length >> 8));
			putchar((int) (length & 0xff));
			fwrite(result, 1, length, stdout);
			free(result);
		}
	}
	return 0;
}
