/** Whether a process with this number is there, whoever it belongs to: an ended one's number may be another's by now. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Refused, so it is there and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
