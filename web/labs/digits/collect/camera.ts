// The camera: asked for when somebody wants it, and let go when nobody looks any more. Its pictures are grey squares.
import { side } from "../storage/classes/stored_classes";
import { greySquare } from "./grey_square";

const reasons: Record<string, string> = {
  NotAllowedError:
    "The camera was not allowed. Allow it beside the page’s address, and where this page is in a frame, the page around it has to allow it, too.",
  NotFoundError: "This device has no camera.",
  NotReadableError: "The camera is in use by another program.",
  OverconstrainedError: "This device has no camera for this.",
};

export class Camera {
  private stream: MediaStream | undefined;
  private isMirrored = false;

  constructor(private readonly video: HTMLVideoElement) {}

  get isOn(): boolean {
    return this.stream !== undefined;
  }

  /** Asks for the camera; rejects with a sentence where there is none. */
  async open(): Promise<void> {
    // Only pages that were loaded safely have it.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices?.getUserMedia)
      throw new Error(
        "Browsers give a camera only to pages at addresses that begin with https, or on this computer.",
      );
    const { video } = this;
    try {
      this.stream = await devices.getUserMedia({ video: { facingMode: "user" }, audio: false });
      video.srcObject = this.stream;
      await video.play();
    } catch (error) {
      this.close();
      const { name, message } = error as Error;
      throw new Error(reasons[name] ?? `The camera does not start (${message}).`, { cause: error });
    }
    const [track] = this.stream.getVideoTracks();
    // What looks at its user is shown as a mirror does.
    this.isMirrored = track?.getSettings().facingMode !== "environment";
    video.classList.toggle("mirrored", this.isMirrored);
    // It was unplugged.
    track?.addEventListener("ended", () => this.close());
  }

  close(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
  }

  /** What it sees now: [side · side] from 0 to 255; undefined before its first picture. */
  take(): Uint8Array | undefined {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.isOn || width === 0) return undefined;
    return greySquare(this.video, { width, height }, side, this.isMirrored);
  }
}
