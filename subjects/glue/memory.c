// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: allocation from the floor. "Physical" memory is the arena: uml_physmem is its base, so a
 * physical address is an offset. struct page is never dereferenced: only the arithmetic between page,
 * frame number and address is used, so mem_map is an address and no array.
 */
#include "glue.h"

#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

unsigned long uml_physmem;
struct page *mem_map = (struct page *)0x700000000000ul;
__typeof__(kmalloc_caches) kmalloc_caches;
__typeof__(contig_page_data) contig_page_data;
__typeof__(vm_node_stat) vm_node_stat;

void glue_memory_init(void)
{
	uml_physmem = (unsigned long)fl_phys_to_virt(0);
}

static void *allocate(size_t size, gfp_t gfp)
{
	GLUE_INSIDE();

	return fl_alloc(size, gfp & __GFP_ZERO, gfpflags_allow_blocking(gfp), true);
}

void *glue_kmalloc_noprof(size_t size, gfp_t gfp) GLUE_PROVIDES(__kmalloc_noprof);
void *glue_kmalloc_noprof(size_t size, gfp_t gfp)
{
	return allocate(size, gfp);
}

void *glue_kmalloc(size_t size, gfp_t gfp) GLUE_PROVIDES(__kmalloc);
void *glue_kmalloc(size_t size, gfp_t gfp)
{
	return allocate(size, gfp);
}

void *glue_kmalloc_cache(struct kmem_cache *cache, gfp_t gfp, size_t size)
	GLUE_PROVIDES(__kmalloc_cache_noprof);
void *glue_kmalloc_cache(struct kmem_cache *cache, gfp_t gfp, size_t size)
{
	return allocate(size, gfp);
}

void *glue_kmalloc_trace(struct kmem_cache *cache, gfp_t gfp, size_t size)
	GLUE_PROVIDES(kmalloc_trace);
void *glue_kmalloc_trace(struct kmem_cache *cache, gfp_t gfp, size_t size)
{
	return allocate(size, gfp);
}

void kfree(const void *memory)
{
	GLUE_INSIDE();

	if (memory)
		fl_dealloc((void *)memory);
}

struct page *glue_alloc_pages(gfp_t gfp, unsigned int order, int nid, nodemask_t *nodes)
	GLUE_PROVIDES(__alloc_pages_noprof);
struct page *glue_alloc_pages(gfp_t gfp, unsigned int order, int nid, nodemask_t *nodes)
{
	void *memory = allocate(PAGE_SIZE << order, gfp);

	return memory ? virt_to_page(memory) : NULL;
}

struct page *glue_alloc_pages_old(gfp_t gfp, unsigned int order, int nid, nodemask_t *nodes)
	GLUE_PROVIDES(__alloc_pages);
struct page *glue_alloc_pages_old(gfp_t gfp, unsigned int order, int nid, nodemask_t *nodes)
{
	return glue_alloc_pages(gfp, order, nid, nodes);
}

void __free_pages(struct page *page, unsigned int order)
{
	GLUE_INSIDE();

	fl_dealloc(page_address(page));
}

void free_pages(unsigned long address, unsigned int order)
{
	GLUE_INSIDE();

	if (address)
		fl_dealloc((void *)address);
}

bool is_vmalloc_addr(const void *address)
{
	return false;
}

/* The table walker is coherent here, so these are called by nobody on the profiles that exist. */
dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page, size_t offset, size_t size,
			      enum dma_data_direction direction, unsigned long attrs)
{
	return page_to_phys(page) + offset;
}
