// Pictures that are read from files, whatever their format.

/** A file by its name and its bytes, where there is no `File`. */
export interface NamedBytes {
  /** The file's name, with the folders before it where it came in one: "cats/1.png". */
  name: string;
  /** All bytes of the file. */
  bytes: Uint8Array;
}

/** How far the reading is. */
export interface PicturesProgress {
  /** What is done, in the unit of `total`. */
  read: number;
  /** All that is to be done. */
  total: number;
  /** What is being done, for people: "reading mnist.npz". */
  what: string;
}

/** What the files do not say of themselves, and who hears how far it is. */
export interface PicturesOptions {
  /**
   * Whether to swap rows and columns, which sets pictures upright that lie on their side as EMNIST's
   * do. Default: decided by the files' names.
   */
  turn?: boolean | undefined;
  /** The height and width to which pictures of many sizes are fitted. Default: said in the result. */
  size?: readonly [height: number, width: number] | undefined;
  /** 1 for grey, 3 for colour. Default: what the files have. */
  channels?: 1 | 3 | undefined;
  /** Ends the reading where it is aborted. */
  signal?: AbortSignal | undefined;
  /** Hears how far the reading is. */
  onProgress?: ((progress: PicturesProgress) => void) | undefined;
}

/** Pictures without labels. */
export interface PlainPictures {
  /** How many pictures there are. */
  count: number;
  /**
   * The bytes of an IDX file: [count, height, width] for grey, [count, 3, height, width] for colour,
   * as the data of a `Trainer` take it.
   */
  images: Uint8Array;
  /** The names of the pictures' files, where each picture has one. */
  names?: string[];
}

/** Pictures with a label each. */
export interface LabelledPictures extends PlainPictures {
  /** The bytes of an IDX file of labels: [count], each the place of a class in `classNames`. */
  labels: Uint8Array;
}

/** What was read. */
export interface Pictures {
  /** What the files are: "IDX", "npz", "CSV of pixels", "CIFAR-10", "folders of pictures". */
  format: string;
  /** The rows of a picture. */
  height: number;
  /** The columns of a picture. */
  width: number;
  /** 1 for grey, 3 for colour. */
  channels: 1 | 3;
  /** The names of the classes, by label. */
  classNames: string[];
  /** The pictures to learn from. */
  train: LabelledPictures;
  /** The pictures to be tested with, where the files have some apart. */
  test?: LabelledPictures;
  /** Pictures whose labels nobody gave away, as in a competition's test file. */
  unlabeled?: PlainPictures;
  /** Whether they can be fitted to another `size`, as files of single pictures can. */
  resizable?: boolean;
  /** Whether rows and columns were swapped. */
  turned: boolean;
  /** Sentences on what was turned, scaled, converted or left out. */
  notes: string[];
  /** How many pictures each class has, by label. */
  counts: {
    /** The counts of those to learn from. */
    train: number[];
    /** The counts of those to be tested with. */
    test?: number[];
  };
}
