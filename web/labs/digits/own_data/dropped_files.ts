// The files of what was dropped, with those in folders: each is named with its folders, "cats/1.png".

export async function filesOf(entries: readonly (FileSystemEntry | File)[]): Promise<File[]> {
  const found = entries.map((entry) => (entry instanceof File ? [entry] : filesIn(entry)));
  return (await Promise.all(found)).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    const path = entry.fullPath.replace(/^\//, "");
    return [path === file.name || path === "" ? file : new File([file], path)];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  for (;;) {
    // A browser gives a hundred or so at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
