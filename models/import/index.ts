export {
  bytesToRead,
  discardFile,
  type FileToRead,
  openStoredFile,
  type ReceivedFile,
  receiveFile,
} from './stored-file.ts';
