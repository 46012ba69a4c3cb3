/**
 * The second half of a session. A cookie goes to every port of this machine, also to a server that is not the
 * desk's; storage belongs to one origin, port included. Neither half is worth anything alone.
 */

/** Every request of a page names its key in this header. */
export const SESSION_KEY_HEADER = "x-crossdesk-key";

/** Where a page finds its key: in the storage of its origin. */
export const SESSION_KEY_ITEM = "crossdesk-session-key";
